export default 'exact';
